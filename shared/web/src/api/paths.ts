// Reads types out of an OpenAPI `paths` interface, in the shape that openapi-typescript writes.

type Json<R> = R extends { content: { "application/json": infer Body } } ? Body : undefined;

/** The addresses of `P` that answer GET. */
export type Readable<P> = { [K in keyof P]: P[K] extends { get: object } ? K : never }[keyof P] & string;

/** The addresses of `P` that answer POST. */
export type Postable<P> = { [K in keyof P]: P[K] extends { post: object } ? K : never }[keyof P] & string;

/** What a GET of `K` answers with status 200. */
export type Read<P, K extends keyof P> = P[K] extends { get: { responses: { 200: infer R } } } ? Json<R> : never;

/** What a POST to `K` answers with status 200. */
export type Answer<P, K extends keyof P> = P[K] extends { post: { responses: { 200: infer R } } } ? Json<R> : never;

/** The body that a POST to `K` takes. */
export type Body<P, K extends keyof P> = P[K] extends { post: { requestBody: { content: { "application/json": infer B } } } } ? B : undefined;

/** The parts of the address of `K` to be filled in, by name. */
export type Parts<P, K extends keyof P> = P[K] extends { get: { parameters: { path: infer Q } } } ? Q : undefined;

/** The question after `?` that `K` takes. */
export type Query<P, K extends keyof P> = P[K] extends { get: { parameters: { query?: infer Q } } } ? Q : undefined;

/** The names of the commands among the addresses: what follows `/api/commands/`. */
export type CommandName<P> = Postable<P> extends infer K ? (K extends `/api/commands/${infer Name}` ? Name : never) : never;

/** What a page says in a command; its id is added by the client. */
export type CommandBody<P, N extends string> = `/api/commands/${N}` extends infer K ? (K extends keyof P ? Omit<Body<P, K> & object, "id"> : never) : never;

/** What a command answers. */
export type CommandAnswer<P, N extends string> = `/api/commands/${N}` extends infer K ? (K extends keyof P ? Answer<P, K> : never) : never;
