import type { Shapes } from '../api/client';
import { counted } from '../model/words';
import { Bars } from './bars';

type Hour = Shapes['UsageHour'];

const clock = new Intl.DateTimeFormat('en', {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

export function sumOf(hours: Hour[], of: 'logins' | 'refusals' | 'statements'): number {
  return hours.reduce((sum, hour) => sum + hour[of], 0);
}

export function hoursSummary(hours: Hour[]): string {
  const logins = sumOf(hours, 'logins');
  const refusals = sumOf(hours, 'refusals');
  const span = counted(hours.length, 'hour');
  if (logins + refusals === 0) return `No login and no refusal in the last ${span}.`;
  const worst = hours.reduce((a, b) => (b.refusals > a.refusals ? b : a));
  const most = refusals > 1 ? `, most at ${clock.format(Date.parse(worst.hour))}` : '';
  return `${counted(logins, 'login')} and ${counted(refusals, 'refusal')} in the last ${span}${most}.`;
}

/** Logins and refusals, hour by hour. */
export function HoursPicture({ hours, title }: { hours: Hour[]; title: string }) {
  return (
    <>
      <p class="legend" aria-hidden="true">
        <span class="key" /> logins <span class="key refused" /> refusals
      </p>
      <Bars
        title={title}
        parts={[
          { name: 'Logins', class: '' },
          { name: 'Refusals', class: 'refused' },
        ]}
        bars={hours.map((hour) => ({
          key: hour.hour,
          name: clock.format(Date.parse(hour.hour)),
          counts: [hour.logins, hour.refusals],
        }))}
        summary={hoursSummary(hours)}
        ends={[`${hours.length} hours ago`, 'now']}
      />
    </>
  );
}
