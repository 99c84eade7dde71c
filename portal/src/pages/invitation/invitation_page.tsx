import { Page } from '../../ui/page';

export default function InvitationPage() {
  return <Page title="Invitation">{null}</Page>;
}
