/**
 * What every room stands on and nothing of ours lies under: time, disk, network, chance, checksums,
 * assertions. All I/O of the broker passes through the interfaces here.
 */
export { assert, AssertionError, unreachable } from "./assert.ts";
export { type Clock, systemClock, type Timer } from "./clock.ts";
export {
  type Disk,
  DiskError,
  type DiskErrorKind,
  type DiskFile,
  type DiskLock,
  type DiskSpace,
  type DiskStat,
  type OpenOptions,
  replaceFile,
  systemDisk,
} from "./disk.ts";
export { type Connection, type Listener, type Network, systemNetwork } from "./network.ts";
export { below, type Prng, randomUuid, randomUuidBytes, SeededPrng, systemPrng } from "./prng.ts";
