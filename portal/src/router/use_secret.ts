import { useEffect, useState } from 'preact/hooks';
import { takeSecret } from './take_secret';

/** The secret of the link by which this page was opened; another link opened in the same tab brings its own. */
export function useSecret(): string {
  const [secret, setSecret] = useState(takeSecret);
  useEffect(() => {
    const changed = () => {
      const next = takeSecret();
      if (next) setSecret(next);
    };
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return secret;
}
