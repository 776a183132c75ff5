import { routes, type RouteName } from './routes.ts';

/** The queue subscribers, each an entry point `src/functions/queue/NAME.ts`. */
export const SUBSCRIBERS = [
  'upload-task-subscriber',
  'upload-task-dead-letter-subscriber',
  'create-task-subscriber',
  'create-task-dead-letter-subscriber',
  'complete-task-file-subscriber',
] as const;
export type SubscriberName = (typeof SUBSCRIBERS)[number];

/** The scheduled functions, each an entry point `src/functions/schedule/NAME.ts`. */
export const SCHEDULED = ['sweep'] as const;
export type ScheduledName = (typeof SCHEDULED)[number];

/** Answers every request that no route takes: it describes the service, or refuses the method or the path. */
export const DEFAULT_ROUTE_FUNCTION = 'route-not-found';

/** Every Lambda function; each is bundled to `dist/functions/NAME/index.mjs` and exports `handler`. */
export type FunctionName = RouteName | SubscriberName | ScheduledName | typeof DEFAULT_ROUTE_FUNCTION;

export const FUNCTION_NAMES: readonly FunctionName[] = [
  ...(Object.keys(routes) as RouteName[]),
  DEFAULT_ROUTE_FUNCTION,
  ...SUBSCRIBERS,
  ...SCHEDULED,
];
