import { Page } from '../../ui/page';

export default function ExplainPage() {
  return <Page title="Explain">{null}</Page>;
}
