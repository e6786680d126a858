#include "gateway/internal/fixed_schemas.hpp"

namespace reprise::gateway {

namespace {

constexpr fixed_schema schemas[] = {
    {"Any", R"({"description":"By the types that are bound"})"},
    {"Ok", R"({"type":"string","const":"ok\n"})"},
    {"Figures", R"({"type":"string"})"},
    {"EventStream", R"({"type":"string"})"},
    {"OpenApi", R"({"type":"object","required":["openapi","info","paths","components"]})"},
    {"Problem",
     R"({"type":"object","description":"RFC 9457","required":["type","title","status","detail","code"],"properties":{
"type":{"type":"string","description":"urn:reprise:problem: and the code"},
"title":{"type":"string"},
"status":{"type":"integer"},
"detail":{"type":"string"},
"code":{"type":"string","description":"A stable word"},
"instance":{"type":"string","description":"The path that was asked for; where there is a trace"},
"traceId":{"type":"string","description":"32 hexadecimal digits: of traceparent, or begun by the server"},
"errors":{"type":"array","items":{"type":"object","required":["pointer","detail"],"properties":{
"pointer":{"type":"string","description":"RFC 6901: where in the body"},
"detail":{"type":"string"}}}}}})"},
    {"Failure",
     R"({"type":"object","required":["code","text","retryable"],"properties":{
"code":{"type":"string","description":"A cause of docs/failures.md"},
"text":{"type":"string"},
"retryable":{"type":"boolean"},
"from":{"type":"string","description":"The step of an orchestration that it came from"}}})"},
    {"Attempt",
     R"({"type":"object","required":["number"],"properties":{
"number":{"type":"integer"},
"queued":{"type":"string","format":"date-time"},
"began":{"type":"string","format":"date-time","description":"On its thread; absent: not known"},
"ended":{"type":"string","format":"date-time"},
"failure":{"$ref":"#/components/schemas/Failure"}}})"},
    {"State",
     R"({"type":"string","enum":["running","completed","failed","terminated","pending","suspended","stalled"]})"},
    {"Next",
     R"({"type":["string","null"],"description":"The cursor of the page that follows; null at the end"})"},
    {"Activity",
     R"({"type":"object","required":["name","step","attempt","cancelled"],"properties":{
"name":{"type":"string"},
"step":{"type":"integer","description":"Number of its event in the history"},
"attempt":{"type":"integer"},
"began":{"type":"string","format":"date-time"},
"progress":{},
"cancelled":{"type":"boolean"}}})"},
    {"Instance",
     R"({"type":"object","required":["id","orchestration","state","created","updated","custom_status"],"properties":{
"id":{"type":"string"},
"orchestration":{"type":"string","description":"With its version"},
"state":{"$ref":"#/components/schemas/State"},
"created":{"type":"string","format":"date-time"},
"updated":{"type":"string","format":"date-time"},
"due":{"type":"string","format":"date-time","description":"Pending until then"},
"input":{},
"custom_status":{},
"output":{"description":"Of a completed one"},
"failure":{"$ref":"#/components/schemas/Failure"},
"finding":{"type":"string","description":"Why it is stalled: what the history says and what the code does"},
"activities":{"type":"array","items":{"$ref":"#/components/schemas/Activity"}}}})"},
    {"InstancePage",
     R"({"type":"object","required":["instances","next"],"properties":{
"instances":{"type":"array","items":{"$ref":"#/components/schemas/Instance"}},
"next":{"$ref":"#/components/schemas/Next"}}})"},
    {"Started", R"({"type":"object","required":["id"],"properties":{"id":{"type":"string"}}})"},
    {"Start",
     R"({"type":"object","required":["orchestration"],"additionalProperties":false,"properties":{
"orchestration":{"type":"string"},
"version":{"type":["integer","null"],"minimum":0,"maximum":4294967295,"description":"The newest if not given"},
"id":{"type":["string","null"],"description":"A new one if not given"},
"at":{"type":["string","null"],"format":"date-time","description":"Not before"},
"input":{"description":"By the type of the orchestration"}}})"},
    {"Steering",
     R"({"type":"object","additionalProperties":false,"properties":{"reason":{"type":["string","null"]}}})"},
    {"Termination",
     R"({"type":"object","additionalProperties":false,"properties":{
"reason":{"type":["string","null"]},
"recursive":{"type":["boolean","null"],"description":"Its children too"}}})"},
    {"Restart",
     R"({"type":"object","additionalProperties":false,"properties":{
"id":{"type":["string","null"],"description":"A new one if not given; its own when it has ended"}}})"},
    {"PurgeReport",
     R"({"type":"object","required":["purged","complete"],"properties":{
"purged":{"type":"integer"},
"complete":{"type":"boolean","description":"false: the time was up; ask again"}}})"},
    {"Event",
     R"({"type":"object","required":["number","kind","at"],"properties":{
"number":{"type":"integer"},
"kind":{"type":"string","enum":["started","answered","raised","fed","suspended","resumed","rewound",
"operation","activity","timer","wait","withdrawn","tell","status","completed","child","continued","changed",
"lock","unlock","launch","signal"]},
"at":{"type":"string","format":"date-time"},
"actor":{"type":"object","required":["type","key"],"properties":{"type":{"type":"string"},"key":{"type":"string"}}},
"operation":{"type":"string"},
"activity":{"type":"string"},
"orchestration":{"type":"string"},
"event":{"type":"string"},
"change":{"type":"string"},
"instance":{"type":"string"},
"trace":{"type":"string","description":"Of started, where there is a trace: why, as a traceparent"},
"target":{"type":"integer","description":"Number of the event that this one answers, feeds or ends"},
"due":{"type":"string","format":"date-time"},
"input":{},
"value":{},
"output":{},
"failure":{"$ref":"#/components/schemas/Failure"},
"attempts":{"type":"array","description":"Of answered, when there was more than one: the first 3 and the last 7","items":{"$ref":"#/components/schemas/Attempt"}},
"left_out":{"type":"integer","description":"How many attempts between these are not kept"},
"reason":{"type":"string"},
"custom_status":{},
"deferred":{"type":"boolean","description":"It came while no code ran"},
"undone":{"type":"boolean","description":"A rewind took it back"}}})"},
    {"HistoryPage",
     R"({"type":"object","required":["events","next"],"properties":{
"events":{"type":"array","items":{"$ref":"#/components/schemas/Event"}},
"next":{"$ref":"#/components/schemas/Next"}}})"},
    {"Waits",
     R"({"type":"object","required":["id","state","waits"],"properties":{
"id":{"type":"string"},
"state":{"$ref":"#/components/schemas/State"},
"finding":{"type":"string"},
"waits":{"type":"array","items":{"type":"object","required":["what","since","owed_by"],"properties":{
"what":{"type":"string"},
"since":{"type":"string","format":"date-time"},
"owed_by":{"type":"string"},
"attempt":{"type":"integer","description":"Of a step that was tried before: the one under way, or to come"},
"last_failure":{"$ref":"#/components/schemas/Failure"},
"next_attempt":{"type":"string","format":"date-time","description":"Not before; absent: it is under way"}}}}}})"},
    {"ActorPage",
     R"({"type":"object","required":["actors","next"],"properties":{
"actors":{"type":"array","items":{"type":"object","required":["key","updated"],"properties":{
"key":{"type":"string"},
"updated":{"type":"string","format":"date-time"},
"state":{}}}},
"next":{"$ref":"#/components/schemas/Next"}}})"},
    {"Lock",
     R"({"type":"object","required":["actor","instance","since"],"properties":{
"actor":{"type":"object","required":["type","key"],"properties":{"type":{"type":"string"},"key":{"type":"string"}}},
"instance":{"type":"string","description":"Whose critical section it is"},
"since":{"type":"string","format":"date-time"}}})"},
    {"LockPage",
     R"({"type":"object","required":["locks","next"],"properties":{
"locks":{"type":"array","items":{"$ref":"#/components/schemas/Lock"}},
"next":{"$ref":"#/components/schemas/Next"}}})"},
    {"DeadLetterPage",
     R"({"type":"object","required":["dead_letters","next"],"properties":{
"dead_letters":{"type":"array","items":{"type":"object","required":["id","kind","failure","since","crashes"],"properties":{
"id":{"type":"string"},
"kind":{"type":"string","enum":["message","activity","address"]},
"actor":{"type":"object","required":["type","key"],"properties":{"type":{"type":"string"},"key":{"type":"string"}}},
"instance":{"type":"string"},
"operation":{"type":"string"},
"activity":{"type":"string"},
"input":{},
"failure":{"$ref":"#/components/schemas/Failure"},
"since":{"type":"string","format":"date-time"},
"crashes":{"type":"integer"}}}},
"next":{"$ref":"#/components/schemas/Next"}}})"},
    {"Types",
     R"({"type":"object","required":["actors","orchestrations","activities","events","$defs"],"properties":{
"actors":{"type":"array","items":{"type":"object","required":["type","state","tables","operations"],"properties":{
"type":{"type":"string"},
"state":{"type":"object","description":"JSON Schema, as all of input, output and value"},
"tables":{"type":"array","items":{"type":"string"}},
"operations":{"type":"array","items":{"type":"object","required":["name","input","output","read_only","transient"],"properties":{
"name":{"type":"string"},"input":{"type":"object"},"output":{"type":"object"},
"read_only":{"type":"boolean"},"transient":{"type":"boolean"}}}}}}},
"orchestrations":{"type":"array","items":{"type":"object","required":["name","version","input","output"],"properties":{
"name":{"type":"string"},"version":{"type":"integer"},"input":{"type":"object"},"output":{"type":"object"}}}},
"activities":{"type":"array","items":{"type":"object","required":["name","pool","speculative","input","output"],"properties":{
"name":{"type":"string"},"pool":{"type":"string"},"speculative":{"type":"boolean"},
"input":{"type":"object"},"output":{"type":"object"}}}},
"events":{"type":"array","items":{"type":"object","required":["name","value"],"properties":{
"name":{"type":"string"},"value":{"type":"object"}}}},
"$defs":{"type":"object","additionalProperties":{"type":"object"}}}})"},
    {"Pools",
     R"({"type":"object","required":["pools"],"properties":{"pools":{"type":"array","items":{
"type":"object","required":["name","threads","busy","waiting","lost"],"properties":{
"name":{"type":"string"},
"threads":{"type":"integer"},
"busy":{"type":"integer"},
"waiting":{"type":"integer"},
"lost":{"type":"integer","description":"Did not come back from a cancelled activity"}}}}}})"},
    {"Devices",
     R"({"type":"object","required":["devices"],"properties":{"devices":{"type":"array","items":{
"type":"object","required":["name","kind","threads","memory"],"properties":{
"name":{"type":"string"},
"kind":{"type":"string"},
"threads":{"type":"integer"},
"memory":{"type":"integer","description":"Bytes"}}}}}})"},
    {"Limits",
     R"({"type":"object","required":["limits"],"properties":{"limits":{"type":"array","items":{
"type":"object","required":["name","value","text"],"properties":{
"name":{"type":"string"},
"value":{"type":"number"},
"text":{"type":"string"},
"option":{"type":"string","description":"Of serve; without one it is fixed"}}}}}})"},
    {"Version",
     R"({"type":"object","required":["version"],"properties":{"version":{"type":"string"}}})"},
};

}  // namespace

std::span<const fixed_schema> fixed_schemas() { return schemas; }

}  // namespace reprise::gateway
