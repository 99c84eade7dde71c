import { Page } from '../../ui/page';

export default function DatabasePage() {
  return <Page title="Database">{null}</Page>;
}
