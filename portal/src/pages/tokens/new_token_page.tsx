import { Page } from '../../ui/page';

export default function NewTokenPage() {
  return <Page title="NewToken">{null}</Page>;
}
