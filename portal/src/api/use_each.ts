import { useEffect, useRef, useState } from 'preact/hooks';
import { isProblem } from './problem';

const atOnce = 4;

/** The same question about each key, a few at once; what is answered stays. A refusal is `null`: one missing number is no failed page. */
export function useEach<T>(keys: string[], call: (key: string) => Promise<T>): Map<string, T | null> {
  const [answers, setAnswers] = useState(new Map<string, T | null>());
  const asked = useRef(new Set<string>());
  const latest = useRef(call);
  latest.current = call;
  const all = JSON.stringify(keys);

  useEffect(() => {
    let wanted = true;
    const waiting = (JSON.parse(all) as string[]).filter((key) => !asked.current.has(key));
    const work = async () => {
      for (let key = waiting.shift(); wanted && key !== undefined; key = waiting.shift()) {
        const one = key;
        asked.current.add(one);
        const answer = await latest.current(one).catch((thrown: unknown) => {
          if (!isProblem(thrown)) throw thrown;
          return null;
        });
        setAnswers((was) => new Map(was).set(one, answer));
      }
    };
    for (let i = 0; i < atOnce; i++) void work();
    return () => {
      wanted = false;
    };
  }, [all]);
  return answers;
}
