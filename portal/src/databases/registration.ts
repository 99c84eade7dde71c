import { shellWord } from '../model/shell';

/** What the form asks for, as it was typed. */
export interface Registration {
  name: string;
  contactPoints: string;
  datacenter: string;
  username: string;
  password: string;
  listen: string;
  advertise: string;
}

export const blank: Registration = {
  name: '',
  contactPoints: '127.0.0.1:9042',
  datacenter: 'datacenter1',
  username: 'latchkey',
  password: '',
  listen: '127.0.0.1:9142',
  advertise: '',
};

const passwordFile = 'gateway.password';

/** The same by the local operator. The password is not in it: a command line is seen by everybody on a machine. */
export function addCommand(wish: Registration, organization: string | null): string {
  const option = (name: string, value: string) => (value.trim() ? ` ${name} ${shellWord(value.trim())}` : '');
  return (
    `latchkey db add ${shellWord(wish.name.trim())}` +
    option('--contact-points', wish.contactPoints.replaceAll(/\s+/g, '')) +
    option('--datacenter', wish.datacenter) +
    ' \\\n   ' +
    option('--username', wish.username) +
    ` --password-file ${passwordFile}` +
    option('--listen', wish.listen) +
    option('--advertise', wish.advertise) +
    (organization ? ` --org ${shellWord(organization)}` : '') +
    ' --data DIR'
  );
}

/** Whether the daemon leaves these addresses to its operator (settings register-targets and register-listen): it names the command then. */
export function isOperators(message: string): boolean {
  return message.includes('latchkey db add');
}
