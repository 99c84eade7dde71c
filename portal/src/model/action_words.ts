import { actionName } from './actions';

/** What an action of the organization or enterprise lets somebody do, to be read as a list after "may". */
const words: Record<string, string> = {
  'org-read': 'see the organization',
  'org-write': 'change the organization’s settings',
  'org-user-read': 'see members',
  'org-user-write': 'invite, change and remove members',
  'org-role-read': 'see roles',
  'org-role-write': 'make and change roles',
  'org-role-delete': 'delete roles',
  'org-token-read': 'see tokens',
  'org-token-write': 'make and delete tokens',
  'org-audits-read': 'read the audit trail',
  'accesslist-read': 'see access lists',
  'accesslist-write': 'change access lists',
  'org-db-create': 'register databases',
  'org-db-terminate': 'unregister databases',
  'enterprise-token-read': 'see enterprise tokens',
  'enterprise-token-write': 'make tokens of the enterprise and of every member organization',
  'enterprise-role-read': 'see enterprise roles',
  'enterprise-role-write': 'make, change and delete enterprise roles',
  'enterprise-org-manage': 'manage the enterprise’s organizations',
  'enterprise-user-read': 'see members of the enterprise',
  'enterprise-user-write': 'invite, change and remove members of the enterprise',
  'enterprise-read': 'see the enterprise',
  'enterprise-write': 'change the enterprise’s settings',
};

export function actionWords(action: string): string {
  return words[action] ?? actionName(action).toLowerCase();
}

/** "a, b and c" */
export function listed(items: string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1] ?? ''}`;
}
