/** What a page is given: the values of its path, and the query. */
export interface PageProps {
  params: Record<string, string>;
  query: URLSearchParams;
}
