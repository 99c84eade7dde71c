import { Page } from '../../ui/page';

export default function HomePage() {
  return <Page title="Home">{null}</Page>;
}
