import type { Registration } from './registration';

const most = 16;
const name = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*\.?$/i;

interface Place {
  host: string;
  port: string | null;
}

/** "10.0.0.1:9042", "node1", "[2001:db8::1]:9042", "2001:db8::1". */
function split(text: string): Place {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) return { host: bracketed[1] ?? '', port: bracketed[2] ?? null };
  const parts = text.split(':');
  if (parts.length > 2) return { host: text, port: null };
  return { host: parts[0] ?? '', port: parts[1] ?? null };
}

function isV4(host: string): boolean {
  const parts = host.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isV6(host: string): boolean {
  if (!host.includes(':')) return false;
  try {
    return new URL(`http://[${host}]/`).hostname !== '';
  } catch {
    return false;
  }
}

const isIp = (host: string) => isV4(host) || isV6(host);
const isEvery = (host: string) => host === '0.0.0.0' || /^[0:]+$/.test(host);

function portFault(port: string | null): string | undefined {
  if (port === null) return undefined;
  if (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535) return undefined;
  return port === '' ? 'has no port behind the colon' : `has no port between 1 and 65535 (${port})`;
}

function hostFault(host: string): string | undefined {
  if (host === '') return 'has no host before the colon';
  if (isIp(host)) return undefined;
  if (host.includes(':') || /^[\d.]+$/.test(host)) return 'is no IP address';
  return name.test(host) && host.length <= 253 ? undefined : 'is no name of a host';
}

function pointFault(text: string): string | undefined {
  if (text.includes('://')) return 'is a web address; HOST:PORT is wanted';
  if (/\s/.test(text)) return 'has a blank in it; commas go between nodes';
  if (text.includes('/')) return 'has a “/”; one node is wanted, not a range';
  const place = split(text);
  const fault = hostFault(place.host) ?? portFault(place.port);
  return (
    fault ??
    (isEvery(place.host)
      ? 'stands for every address of a machine, and nobody can be called there'
      : undefined)
  );
}

/** What cannot be right about “Contact points”; undefined: it can be. Whether somebody answers there only the daemon can tell. */
export function contactPointsFault(text: string): string | undefined {
  const points = text.split(',').map((point) => point.trim());
  if (points.every((point) => point === '')) return 'Name one node at least.';
  if (points.includes('')) return 'There is a comma with nothing behind or before it.';
  if (points.length > most) return `${points.length} nodes; ${most} are enough for any cluster.`;
  for (const point of points) {
    const fault = pointFault(point);
    if (fault) return `“${point}” ${fault}.`;
  }
  return undefined;
}

/** An address of the daemon's own machine: the daemon takes no names there. */
function listenFault(text: string): string | undefined {
  const place = split(text.trim());
  if (place.host !== 'localhost' && place.host !== '*' && !isIp(place.host))
    return `“${text.trim()}” has no IP address before the port.`;
  const fault = portFault(place.port);
  return fault && `“${text.trim()}” ${fault}.`;
}

/** Faults by the fields that they stand at. */
export function addressFaults(wish: Registration): Partial<Record<keyof Registration, string>> {
  const faults: Partial<Record<keyof Registration, string>> = {};
  const contact = contactPointsFault(wish.contactPoints);
  const listen = listenFault(wish.listen);
  const advertise = wish.advertise.trim() ? listenFault(wish.advertise) : undefined;
  if (contact) faults.contactPoints = contact;
  if (listen) faults.listen = listen;
  if (advertise) faults.advertise = advertise;
  return faults;
}
