import { Page } from '../../ui/page';

export default function AccountPage() {
  return <Page title="Account">{null}</Page>;
}
