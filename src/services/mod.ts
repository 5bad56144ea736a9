/**
 * Services: a service is one side of a conversation on a connection, in any server model.
 *
 * @module
 */

export type {
  ClosingReason,
  DatagramOutlet,
  DatagramService,
  LinePeer,
  LineTalk,
  Service,
  ServiceArguments,
  ServiceContext,
  ServiceEntry,
  ServiceModule,
  ServiceOptions,
  ServiceOptionSpec,
  ServiceTerminal,
  ServiceTls,
  Traffic,
} from "./core/service.ts";
export {
  datagramService,
  findService,
  listServices,
  type NamedService,
  namedService,
  type ServiceSetting,
  streamService,
} from "./find_service.ts";
