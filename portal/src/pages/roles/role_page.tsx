import { Page } from '../../ui/page';

export default function RolePage() {
  return <Page title="Role">{null}</Page>;
}
