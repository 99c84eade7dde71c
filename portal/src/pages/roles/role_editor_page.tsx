import { Page } from '../../ui/page';

export default function RoleEditorPage() {
  return <Page title="RoleEditor">{null}</Page>;
}
