import type { Network } from '../network.ts';
import { startTinyproxy } from '../programs/tinyproxy.ts';
import { throughProxy } from '../through-proxy.ts';

const KEY = { name: 'clerk', password: 'sesame' };

export const tinyproxyBasic: Network = {
  name: 'tinyproxy-basic',
  about: 'tinyproxy asks for a name and password, and cuts what is idle for 10 s',
  start: throughProxy(() => startTinyproxy(`BasicAuth ${KEY.name} ${KEY.password}\nTimeout 2`), {
    credentials: KEY,
  }),
};
