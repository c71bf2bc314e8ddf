// What becomes of a request that posts records, as its client hears it:
//   202  {"accepted":3,"rejected":0}     the pipeline has what was good; with rejected records also
//                                        "error" and "offset", those of the first
//   400  nothing of it was good          413  over max_body (the server)
//   415  an encoding that is not offered 503  the pipeline is full: come again
#pragma once

#include "src/api/http_server.hpp"
#include "src/app/ingest_thread.hpp"

namespace tocsin::app {

// False: nobody takes bodies at this path. Replies later, on the ingest thread.
[[nodiscard]] bool take_posted_body(IngestThread& ingest, api::Request& request,
                                    const api::HttpServer::Reply& reply);

}  // namespace tocsin::app
