import { Link } from '../../router/link';
import { useSession } from '../../session/session';
import { ScopeFilter } from '../../shell/scope_filter';
import { Loaded } from '../../ui/loaded';
import { Page } from '../../ui/page';
import type { PageProps } from '../page_props';
import { chosenSection, sectionsFor } from './sections';
import type { Section } from './sections';

/** The filter on top decides whose settings these are; below it one section at a time. */
export default function SettingsPage({ params, query }: PageProps) {
  const { scope } = useSession();
  if (!scope)
    return (
      <Page title="Settings">
        <p>You belong to no organization yet. Somebody who administers one can invite you.</p>
      </Page>
    );
  const section = chosenSection(scope.kind, params['section']);
  return (
    <Page title="Settings">
      <div class="filters">
        <ScopeFilter />
      </div>
      <SectionList offered={sectionsFor(scope.kind)} current={section?.key} />
      {section && 'load' in section && (
        <Loaded key={`${scope.id} ${section.key}`} load={section.load} give={{ query }} />
      )}
    </Page>
  );
}

function SectionList({ offered, current }: { offered: Section[]; current: string | undefined }) {
  return (
    <nav aria-label="Settings">
      <ul class="sections">
        {offered.map((section) => (
          <li key={section.key}>
            <Link
              href={'href' in section ? section.href : `/settings/${section.key}`}
              aria-current={section.key === current ? 'page' : undefined}
            >
              {section.title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
