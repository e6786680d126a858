#include "gateway/v1/openapi_components.hpp"

namespace reprise::gateway {

namespace {

constexpr fixed_schema schemas[] = {
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
"code":{"$ref":"#/components/schemas/ProblemCode"},
"instance":{"type":"string","description":"The path that was asked for; where there is a trace"},
"traceId":{"type":"string","description":"32 hexadecimal digits: of traceparent, or begun by the server"},
"errors":{"type":"array","items":{"type":"object","required":["pointer","detail"],"properties":{
"pointer":{"type":"string","description":"RFC 6901: where in the body"},
"detail":{"type":"string"}}}}},"examples":[{"type":"urn:reprise:problem:not_found","title":"Not found","status":404,
"detail":"there is no instance \"order-1\"","code":"not_found"}]})"},
    {"Key",
     R"({"type":"string","minLength":1,"maxLength":256,"not":{"enum":[".",".."]},
"pattern":"^[^@/\\\\#?\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069][^/\\\\#?\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]*$",
"description":"1 to 256 bytes of UTF-8","examples":["order-1"]})"},
    {"KeyBeginning",
     R"({"type":"string","maxLength":256,
"pattern":"^([^@/\\\\#?\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069][^/\\\\#?\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]*)?$",
"description":"Up to 256 bytes of UTF-8"})"},
    {"Failure",
     R"({"type":"object","required":["code","text","retryable"],"properties":{
"code":{"$ref":"#/components/schemas/Cause"},
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
"due":{"type":"string","format":"date-time","description":"Tried again, and not before; absent: its time has come"},
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
"activities":{"type":"array","items":{"$ref":"#/components/schemas/Activity"}}},
"examples":[{"id":"order-1","orchestration":"checkout","state":"completed","created":"2026-01-02T03:04:05.0000000Z",
"updated":"2026-01-02T03:04:06.0000000Z","custom_status":null,"output":"done"}]})"},
    {"InstancePage",
     R"({"type":"object","required":["instances","next"],"properties":{
"instances":{"type":"array","items":{"$ref":"#/components/schemas/Instance"}},
"next":{"$ref":"#/components/schemas/Next"}}})"},
    {"Started",
     R"({"type":"object","required":["id"],"properties":{"id":{"type":"string"}},"examples":[{"id":"order-1"}]})"},
    {"Start",
     R"({"type":"object","required":["orchestration"],"additionalProperties":false,"properties":{
"orchestration":{"type":"string","pattern":"^[a-z0-9_.-]{1,64}$"},
"version":{"type":["integer","null"],"minimum":1,"maximum":999999,"description":"The newest if not given"},
"id":{"anyOf":[{"$ref":"#/components/schemas/Key"},{"type":"null"}],"description":"A new one if not given"},
"at":{"type":["string","null"],"format":"date-time","description":"Not before"},
"input":{"description":"By the type of the orchestration"}},
"examples":[{"orchestration":"checkout","id":"order-1","at":"2030-01-01T08:00:00Z","input":{}}]})"},
    {"Steering",
     R"({"type":"object","additionalProperties":false,"properties":{"reason":{"type":["string","null"]}},"examples":[{"reason":"lunch"}]})"},
    {"Termination",
     R"({"type":"object","additionalProperties":false,"properties":{
"reason":{"type":["string","null"]},
"recursive":{"type":["boolean","null"],"description":"Its children too"}},"examples":[{"reason":"too late","recursive":true}]})"},
    {"Restart",
     R"({"type":"object","additionalProperties":false,"properties":{
"id":{"anyOf":[{"$ref":"#/components/schemas/Key"},{"type":"null"}],"description":"A new one if not given; its own when it has ended"}},
"examples":[{"id":"order-2"}]})"},
    {"PurgeReport",
     R"({"type":"object","required":["purged","complete"],"properties":{
"purged":{"type":"integer"},
"complete":{"type":"boolean","description":"false: the time was up, or some could not go now; ask again"}},"examples":[{"purged":3,"complete":true}]})"},
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
"next_attempt":{"type":"string","format":"date-time","description":"Not before; absent: it is under way"}}}}},"examples":[{"id":"order-1","state":"running","waits":[{"what":"event \"verdict\"",
"since":"2026-01-02T03:04:05.0000000Z","owed_by":"whoever raises it"}]}]})"},
    {"Actor",
     R"({"type":"object","required":["key","updated"],"properties":{
"key":{"type":"string"},
"updated":{"type":"string","format":"date-time"},
"state":{}},"examples":[{"key":"tea","updated":"2026-01-02T03:04:05.0000000Z","state":null}]})"},
    {"Lock",
     R"({"type":"object","required":["actor","instance","since"],"properties":{
"actor":{"type":"object","required":["type","key"],"properties":{"type":{"type":"string"},"key":{"type":"string"}}},
"instance":{"type":"string","description":"Whose critical section it is"},
"since":{"type":"string","format":"date-time"}},
"examples":[{"actor":{"type":"stock","key":"tea"},"instance":"order-1","since":"2026-01-02T03:04:05.0000000Z"}]})"},
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
"lost":{"type":"integer","description":"Did not come back from a cancelled activity"}}}}},
"examples":[{"pools":[{"name":"cpu","threads":2,"busy":1,"waiting":0,"lost":0}]}]})"},
    {"Devices",
     R"({"type":"object","required":["devices"],"properties":{"devices":{"type":"array","items":{
"type":"object","required":["name","kind","threads","memory"],"properties":{
"name":{"type":"string"},
"kind":{"type":"string"},
"threads":{"type":"integer"},
"memory":{"type":"integer","description":"Bytes"}}}}},
"examples":[{"devices":[{"name":"host","kind":"cpu","threads":2,"memory":8589934592}]}]})"},
    {"Limits",
     R"({"type":"object","required":["limits"],"properties":{"limits":{"type":"array","items":{
"type":"object","required":["name","value","text"],"properties":{
"name":{"type":"string"},
"value":{"type":"number"},
"text":{"type":"string"},
"option":{"type":"string","description":"Of serve; without one it is fixed"}}}}},
"examples":[{"limits":[{"name":"body","value":1048576,"text":"bytes of a body","option":"--max-body"}]}]})"},
    {"Version",
     R"({"type":"object","required":["version"],"properties":{"version":{"type":"string"}},
"examples":[{"version":"0.1.0"}]})"},
};

}  // namespace

std::span<const fixed_schema> fixed_schemas() { return schemas; }

}  // namespace reprise::gateway
