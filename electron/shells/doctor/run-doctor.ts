/** `holdfast doctor`: the doctor in a terminal, for a person or a script. Loaded by the program's main file. */
import type { DoctorVerdict } from '../../../shared/doctor.ts';
import { doctorReportJson } from '../../../shared/doctor-report.ts';
import { defaultProxySetting } from '../../../shared/proxy.ts';
import { examineWay } from '../../host/doctor.ts';
import { networkPath } from '../../network/doctor/network-path.ts';
import { createNodeHttpExchange } from '../../network/node-http-exchange.ts';
import { RouteFinder } from '../../network/proxies/route-finder.ts';
import type { RunCommand } from '../command/dispatch.ts';
import { VERSION } from '../version.ts';
import { parseDoctorCommandLine, USAGE } from './command-line.ts';
import { createProgressLines } from './progress-lines.ts';

const statuses: Readonly<Record<DoctorVerdict['outcome'], number>> = {
  clear: 0,
  limited: 0,
  blocked: 1,
  unfinished: 3,
};

/** Prints to standard output; SIGINT and SIGTERM end the examination early. */
export const runDoctor: RunCommand = async (parameters) => {
  const { jid, endpoint, json } = parseDoctorCommandLine(parameters);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  if (jid === undefined) {
    print(USAGE);
    return 0;
  }
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, onSignal);
  const setting = () => defaultProxySetting;
  const finder = new RouteFinder({ createHttp: createNodeHttpExchange });
  // Nobody is there to be asked: what a proxy is to hear stands in the environment.
  const keys = { find: async () => undefined, ask: () => {} };
  const http = createNodeHttpExchange({ proxies: { finder, setting, keys } });
  const path = networkPath({
    ...{ http, keys },
    routes: async (url) => finder.routesTo(url, setting()),
  });
  const linesOf = createProgressLines();
  try {
    const run = await examineWay({
      ...{ jid, path, signal: stop.signal },
      ...(endpoint === undefined ? {} : { endpoint }),
      onChange: (changed) => {
        if (!json) for (const line of linesOf(changed)) print(line);
      },
    });
    if (json) process.stdout.write(doctorReportJson({ run, version: VERSION }));
    return statuses[run.verdict?.outcome ?? 'unfinished'];
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
    await http.close();
  }
};
