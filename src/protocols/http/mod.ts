/**
 * HTTP/1.1 (RFC 9110, 9112).
 *
 * @module
 */

export { downloadTo, type WebDownload, type WebDownloadOptions } from "./client/download.ts";
export { ClientResponse, type Hop } from "./client/client_response.ts";
export type { CookieStore } from "./client/cookies.ts";
export {
  type FormValue,
  type MultipartForm,
  multipartForm,
  urlencodedForm,
} from "./client/multipart_form.ts";
export { UserAgent } from "./client/user_agent.ts";
export type { RequestOptions, UserAgentOptions } from "./client/user_agent_options.ts";
export { readBody } from "./codec/body.ts";
export { HttpHeaders } from "./codec/headers.ts";
export { type LinkValue, parseLinks } from "./codec/link_header.ts";
export { HttpError } from "./codec/http_error.ts";
export type { BodyFraming, RequestHead, RequestLimits } from "./codec/request_head.ts";
export { type HttpResponse, textResponse } from "./codec/response.ts";
export {
  type AccessRecord,
  handleHttp,
  type HttpHandler,
  type HttpSessionOptions,
} from "./server/server_session.ts";
export { type FetchHandler, httpHandler, type HttpService } from "./server/http_handler.ts";
export type { HttpCredentials } from "./transport/authentication.ts";
export {
  ConnectionTransport,
  type ConnectionTransportOptions,
} from "./transport/connection_transport.ts";
export { FetchTransport, type FetchTransportOptions } from "./transport/fetch_transport.ts";
export type {
  HttpRequest,
  RequestBody,
  RequestFields,
  StreamedBody,
} from "./transport/http_request.ts";
export type {
  HttpTiming,
  HttpTransport,
  SendOptions,
  TransportResponse,
} from "./transport/transport.ts";
