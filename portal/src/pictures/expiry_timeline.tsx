import type { Shapes } from '../api/client';
import { onDay } from '../model/time';
import { counted } from '../model/words';
import { Bars } from './bars';

export function expirySummary(expiries: Shapes['TokensEnding'][]): string {
  const all = expiries.reduce((sum, day) => sum + day.count, 0);
  if (all === 0) return `No token ends within ${expiries.length} days.`;
  const first = expiries.find((day) => day.count > 0);
  const most = expiries.reduce((a, b) => (b.count > a.count ? b : a));
  const begins = `${counted(all, 'token')} ${all === 1 ? 'ends' : 'end'} within ${expiries.length} days`;
  if (all === 1 || !first) return `${begins}, on ${onDay(first?.day ?? '')}.`;
  if (most.count === 1 || most === first) return `${begins}, the first on ${onDay(first.day)}.`;
  return `${begins}, the first on ${onDay(first.day)}, most on ${onDay(most.day)} (${most.count.toLocaleString('en')}).`;
}

/** How many tokens end on each of the days that come. */
export function ExpiryTimeline({ expiries }: { expiries: Shapes['TokensEnding'][] }) {
  return (
    <Bars
      title="Tokens that end, day by day"
      parts={[{ name: 'Tokens', class: 'soon' }]}
      bars={expiries.map((day) => ({ key: day.day, name: onDay(day.day), counts: [day.count] }))}
      summary={expirySummary(expiries)}
      ends={['today', `in ${expiries.length} days`]}
    />
  );
}
