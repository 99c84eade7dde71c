import { Page } from '../../ui/page';

export default function WelcomePage() {
  return <Page title="Welcome">{null}</Page>;
}
