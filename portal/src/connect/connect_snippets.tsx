import { useState } from 'preact/hooks';
import { CopyButton } from '../ui/copy_button';
import { Tabs } from '../ui/tabs';
import { apiSnippet, driverSnippets, placeholder } from './snippets';
import type { Target } from './snippets';

interface Props {
  /** Null: no database to be opened, the API alone. */
  target: Target | null;
  /** Only the once-only page has one; elsewhere a placeholder stands. */
  token?: string;
  /** Where the API is, with it too. */
  withApi?: boolean;
}

/** How a program connects, driver by driver. */
export function ConnectSnippets({ target, token = placeholder, withApi = false }: Props) {
  const snippets = [
    ...(target ? driverSnippets(target, token) : []),
    ...(withApi || !target ? [apiSnippet(location.origin, token)] : []),
  ];
  const [key, choose] = useState('');
  const chosen = snippets.find((one) => one.key === key) ?? snippets[0];
  if (!chosen) return null;
  return (
    <Tabs
      label="Ways to connect"
      tabs={snippets.map(({ key, title }) => ({ key, text: title }))}
      chosen={chosen.key}
      onChoose={choose}
    >
      <pre>{chosen.text}</pre>
      <div class="actions">
        <CopyButton text={chosen.text} what={`the snippet for ${chosen.title}`} />
      </div>
    </Tabs>
  );
}
