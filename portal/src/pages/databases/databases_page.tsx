import { Page } from '../../ui/page';

export default function DatabasesPage() {
  return <Page title="Databases">{null}</Page>;
}
