import { Page } from '../../ui/page';

export default function UserPage() {
  return <Page title="User">{null}</Page>;
}
