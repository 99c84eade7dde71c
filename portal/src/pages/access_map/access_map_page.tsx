import { Page } from '../../ui/page';

export default function AccessMapPage() {
  return <Page title="AccessMap">{null}</Page>;
}
