import type { ComponentType } from 'preact';
import type { PageProps } from './page_props';

export interface PageEntry {
  path: string;
  /** Reached without a session. */
  open?: boolean;
  /** Goes on over a change of the scope; what it shows of one, it begins anew itself. */
  overScopes?: boolean;
  load: () => Promise<{ default: ComponentType<PageProps> }>;
}

/** Every page once. The daemon gives index.html for these paths (src/portal/page.def). */
export const pages: PageEntry[] = [
  { path: '/', load: () => import('./home/home_page') },
  { path: '/set-up', open: true, load: () => import('./set_up/set_up_page') },
  { path: '/invitation', open: true, load: () => import('./invitation/invitation_page') },
  { path: '/welcome', load: () => import('./welcome/welcome_page') },
  { path: '/databases', load: () => import('./databases/databases_page') },
  { path: '/databases/:id', load: () => import('./databases/database_page') },
  { path: '/tokens', load: () => import('./tokens/tokens_page') },
  { path: '/tokens/new', load: () => import('./tokens/new_token_page') },
  { path: '/tokens/:clientId', load: () => import('./tokens/token_page') },
  { path: '/roles', load: () => import('./roles/roles_page') },
  { path: '/roles/new', load: () => import('./roles/role_editor_page') },
  { path: '/roles/:roleId', load: () => import('./roles/role_page') },
  { path: '/roles/:roleId/edit', load: () => import('./roles/role_editor_page') },
  { path: '/users', load: () => import('./users/users_page') },
  { path: '/users/:userId', load: () => import('./users/user_page') },
  { path: '/access-map', load: () => import('./access_map/access_map_page') },
  { path: '/explain', load: () => import('./explain/explain_page') },
  { path: '/audit', load: () => import('./audit/audit_page') },
  { path: '/settings', overScopes: true, load: () => import('./settings/settings_page') },
  { path: '/settings/:section', overScopes: true, load: () => import('./settings/settings_page') },
  { path: '/account', load: () => import('./account/account_page') },
];
