#!/usr/bin/env node
/** The `holdfast` program (`npx holdfast`): what Holdfast does besides being a chat client, command by command. */
import { VERSION } from '../version.ts';
import { type Command, dispatch } from './dispatch.ts';

const commands: Readonly<Record<string, Command>> = {};

process.exitCode = await dispatch(commands, process.argv.slice(2), VERSION, {
  out: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
});
