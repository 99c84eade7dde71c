import { Page } from '../../ui/page';

export default function RolesPage() {
  return <Page title="Roles">{null}</Page>;
}
