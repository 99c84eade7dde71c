import { Page } from '../../ui/page';

export default function TokenPage() {
  return <Page title="Token">{null}</Page>;
}
