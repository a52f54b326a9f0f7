/** The sections of the administration, in the order of its menu. Each has a page of its own. */
export const ADMIN_SECTIONS = {
  overview: { label: 'Overview', path: '/admin' },
  users: { label: 'Users', path: '/admin/users' },
  roles: { label: 'Roles', path: '/admin/roles' },
  items: { label: 'Items', path: '/admin/items' },
  access: { label: 'Access', path: '/admin/access' },
  shadow: { label: 'Shadow mode', path: '/admin/shadow' },
  grants: { label: 'Grants', path: '/admin/grants' },
  requests: { label: 'Requests', path: '/admin/requests' },
  sessions: { label: 'Sessions', path: '/admin/sessions' },
  audit: { label: 'Audit', path: '/admin/audit' },
  tokens: { label: 'Tokens', path: '/admin/tokens' },
  identity: { label: 'Identity sources', path: '/admin/identity' },
  you: { label: 'Your account', path: '/admin/you' },
} as const satisfies Record<string, { readonly label: string; readonly path: string }>;

export type AdminSection = keyof typeof ADMIN_SECTIONS;
