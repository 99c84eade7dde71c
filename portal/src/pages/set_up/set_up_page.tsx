import { Page } from '../../ui/page';

export default function SetUpPage() {
  return <Page title="SetUp">{null}</Page>;
}
