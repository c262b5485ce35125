import { dockerSuite } from '../rig/docker.ts';
import { containerMemoryContract } from './container-memory.ts';
import { containerNetworkContract } from './container-network.ts';
import { dockerSubject } from './docker-subject.ts';
import { executorContract } from './executor-contract.ts';
import { keptOutputContract } from './kept-output.ts';

dockerSuite('the contract', () => {
  executorContract('docker', () => dockerSubject(process.env));
  containerMemoryContract(() => dockerSubject(process.env));
  containerNetworkContract(() => dockerSubject(process.env));
  keptOutputContract();
});
