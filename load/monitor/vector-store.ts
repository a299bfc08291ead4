/** A vector store's Prometheus metrics on searches, with the names of Qdrant. */
import { quantile, type Figures } from './prometheus.ts';

const searches = /\/points\/(search|query|recommend)|Points\/(Search|Query|Recommend)/;

export const vectorStoreFigures: Figures = {
  /** In ms, measured by the store. */
  searchP95: [
    quantile(
      0.95,
      { name: 'rest_responses_duration_seconds', labels: { endpoint: searches } },
      1000,
    ),
    quantile(
      0.95,
      { name: 'grpc_responses_duration_seconds', labels: { endpoint: searches } },
      1000,
    ),
  ],
};
