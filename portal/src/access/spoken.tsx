import { Fragment } from 'preact';
import { inWords, pieces } from '../model/resource_name';
import type { NamesOf } from '../model/resource_name';

/** A sentence of the API: resource names in words, and beside them as they are written. */
export function Spoken({ text: sentence, names }: { text: string; names: NamesOf }) {
  return (
    <>
      {pieces(sentence).map(({ text, name }, i) =>
        name ? (
          <Fragment key={i}>
            {inWords(name, names)}{' '}
            <span class="hint">
              (<code>{text}</code>)
            </span>
          </Fragment>
        ) : (
          text
        ),
      )}
    </>
  );
}
