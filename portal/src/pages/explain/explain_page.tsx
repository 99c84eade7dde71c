import { useEffect, useRef } from 'preact/hooks';
import { useNames } from '../../access/use_names';
import { api, ask as asking } from '../../api/client';
import type { Scope } from '../../api/client';
import { useAnswer } from '../../api/use_answer';
import { askOf, queryOf, questionFrom } from '../../model/question';
import type { Question } from '../../model/question';
import { sentenceInWords } from '../../model/resource_name';
import { go, usePlace, withQuery } from '../../router/place';
import { useSession } from '../../session/session';
import { announce } from '../../ui/announcer';
import { Answer } from '../../ui/answer';
import { CopyButton } from '../../ui/copy_button';
import { Page } from '../../ui/page';
import { QuestionForm } from './question_form';
import { Verdict } from './verdict';

/** May somebody do this, by which rule, and what would change it. The question stands in the address. */
export default function ExplainPage() {
  const { scope } = useSession();
  const place = usePlace();
  const text = place.query.toString();
  const question = questionFrom(place.query);
  return (
    <Page
      title="Explain"
      lead="May a token, a role or you do something? The verdict comes from the evaluator that answers real requests."
    >
      {scope && (
        <>
          <QuestionForm
            text={text}
            start={question}
            scope={scope}
            onAsk={(asked) =>
              go(withQuery({ path: place.path, query: new URLSearchParams() }, queryOf(asked)))
            }
          />
          {text !== '' && <Answered question={question} scope={scope} />}
        </>
      )}
    </Page>
  );
}

function Answered({ question, scope }: { question: Question; scope: Scope }) {
  const { ask } = askOf(question, scope);
  const names = useNames();
  const key = ask === null ? null : JSON.stringify(ask);
  const explained = useAnswer(key, () => asking(() => api.POST('/v2/explain', { body: ask ?? {} })));
  const { value } = explained;
  const latest = useRef(names);
  latest.current = names;
  useEffect(() => {
    if (value)
      announce(`${value.allow ? 'Allowed' : 'Refused'}. ${sentenceInWords(value.text, latest.current)}`);
  }, [value]);
  if (ask === null) return null;
  return (
    <section aria-labelledby="verdict" aria-busy={explained.waiting}>
      <h2 id="verdict">Verdict</h2>
      <Answer of={explained} what="the verdict">
        {(explanation) => (
          <>
            <Verdict of={explanation} names={names} />
            <p class="actions">
              A link to this question: <CopyButton text={location.href} what="a link to this question" />
            </p>
          </>
        )}
      </Answer>
    </section>
  );
}
