import { api, ask } from '../api/client';
import type { Shapes } from '../api/client';

/** By name, ignoring case: as names are unique. */
export async function databaseNamed(name: string): Promise<Shapes['Database'] | undefined> {
  const all = await ask(() => api.GET('/v2/databases'));
  return all.find((one) => one.info.name.toLowerCase() === name.trim().toLowerCase());
}
