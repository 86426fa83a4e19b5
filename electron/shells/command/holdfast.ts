#!/usr/bin/env node
/** The `holdfast` program (`npx holdfast`): what Holdfast does besides being a chat client, command by command. */
import { VERSION } from '../version.ts';
import { type Command, dispatch } from './dispatch.ts';

const commands: Readonly<Record<string, Command>> = {
  doctor: {
    summary: 'examines the way to a chat server and says what stands in it',
    load: async () => (await import('../doctor/run-doctor.ts')).runDoctor,
  },
  relay: {
    summary: 'gives an XMPP server a BOSH address: a connection manager in front of it',
    load: async () => (await import('../relay/command.ts')).runRelay,
  },
};

process.exitCode = await dispatch(commands, process.argv.slice(2), VERSION, {
  out: (line) => process.stdout.write(`${line}\n`),
  error: (line) => process.stderr.write(`${line}\n`),
});
