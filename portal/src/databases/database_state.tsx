import { Badge } from '../ui/badge';
import type { Tone } from '../ui/badge';

const words: Partial<Record<string, { tone: Tone; text: string }>> = {
  ACTIVE: { tone: 'good', text: 'Connected' },
  INITIALIZING: { tone: 'calm', text: 'Connecting' },
  MAINTENANCE: { tone: 'bad', text: 'Unreachable' },
  ERROR: { tone: 'bad', text: 'Faulty' },
};

/** How the gateway's link to a cluster stands. */
export function DatabaseState({ status, problem }: { status: string; problem?: string | null | undefined }) {
  const { tone, text } = words[status] ?? { tone: 'calm', text: status };
  return (
    <>
      <Badge tone={tone}>{text}</Badge>
      {problem && <p class="hint">{problem}</p>}
    </>
  );
}
