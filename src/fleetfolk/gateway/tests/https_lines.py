"""The HTTPS API line by line: what curl is told, the status, the body."""

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 100
INVALID = '{"error":{"message":"Invalid token."}}'
PIN = '{"error":{"message":"Wrong pin format."}}'
TYPE = '{"error":{"message":"Value doesn\'t match the Datastream data type."}}'
STREAM_TYPE = '{"error":{"message":"Value doesn\'t match the Datastream data type"}}'
NO_STREAM = '{"error":{"message":"No datastream setup for that pin."}}'
NOT_OF_PRODUCT = '{"error":{"message":"Requested dataStream doesn\'t exist in the product Heat pump"}}'
WRONG_STREAM = '{"error":{"message":"Wrong dataStreamId format."}}'
PARAMETERS = '{"error":{"message":"Request with incorrect parameters"}}'
CONTENT = '{"error":{"message":"Unknown content type."}}'
BATCH = '{"error":{"message":"Too much data in batch. Maximum batch size is 10000 points."}}'
TIME = '{"error":{"message":"Timestamp is out of range. Points must be at most 3 months old."}}'
NO_CODE = '{"error":{"message":"Event code is not provided."}}'
DESCRIPTION = '{"error":{"message":"Event description is too long. It may have 300 characters."}}'
CODE = '{"error":{"message":"Can\'t find Event with this code in Product template"}}'
NO_FIELD = '{"error":{"message":"MetaField doesn\'t exist."}}'
FIELD = '{"error":{"message":"Wrong metaField format."}}'
NO_TOKEN = '{"error":{"message":"No token provided."}}'
PERIOD = '{"error":{"message":"No enum constant Period.YEAR"}}'
NO_DATA = '{"error":{"message":"No data"}}'
TEMPLATE = '{"error":{"message":"Template is not found."}}'
PROPERTY = '{"error":{"message":"Wrong property format."}}'
FILE = '{"error":{"message":"Only PNG, JPEG, GIF and WebP pictures can be uploaded."}}'
NOT_FOUND = '{"error":{"message":"Not found."}}'
METHOD = '{"error":{"message":"Method not allowed."}}'

BEFORE = "/batch/update?token={token}&v0=1&v1=21.5&v3=7&v4=hello&v5=2"
ALL = '{"v0":1,"v1":21.5,"v3":7,"v4":"hello","v5":2}'
JSON = "-H 'Content-Type: application/json'"

# What curl is told, the status, the body.
LINES = [
    # Tokens
    ("/get?token=nobody&v1", 400, INVALID),
    ("/get?v1", 400, INVALID),
    ("/get?token=&v1", 400, INVALID),
    ("/get?TOKEN={token}&v1", 400, INVALID),
    ("/update?token=nobody&v1=nonsense", 400, INVALID),
    ("/get?token={token}&v1&token=another", 400, INVALID),
    ("/isHardwareConnected?token=nobody", 400, INVALID),
    # Reading
    ("/get?token={token}&v1", 200, "21.5"),
    ("/get?token={token}&pin=v1", 200, "21.5"),
    ("/get?token={token}&pin=V1", 200, "21.5"),
    ("/get?token={token}&v0", 200, "1"),
    ("/get?token={token}&v4", 200, "hello"),
    ("/get?token={token}&v2", 200, ""),
    ("/get?token={token}&v1&v3&v4&v2", 200, '{"v1":21.5,"v3":7,"v4":"hello"}'),
    ("/get?token={token}&dataStreamId={stream1}", 200, "21.5"),
    ("/get?token={token}&dataStreamId=one", 400, PIN),
    ("/get?token={token}&dataStreamId=0", 400, NOT_OF_PRODUCT),
    ("/get?token={token}&dataStreamId=99999999999999999999", 400, PIN),
    ("/get?token={token}&V1", 400, PIN),
    ("/get?token={token}&v256", 400, PIN),
    ("/get?token={token}&v01x", 400, PIN),
    ("/get?token={token}&v", 400, PIN),
    ("/get?token={token}", 400, PIN),
    ("/get?token={token}&v200", 400, NO_STREAM),
    ("/get?token={token}&d1", 400, NO_STREAM),
    ("/getAll?token={token}", 200, ALL),
    ("/getall?token={token}", 404, NOT_FOUND),
    ("/isHardwareConnected?token={token}", 200, "true"),
    # Writing
    ("/update?token={token}&v1=22", 200, "", "/get?token={token}&v1", "22.0"),
    ("/update?token={token}&v1=99", 200, "", "/get?token={token}&v1", "30.0"),
    ("/update?token={token}&v1=-99", 200, "", "/get?token={token}&v1", "5.0"),
    ("/update?token={token}&v4=a+b%26%C3%A4", 200, "", "/get?token={token}&v4", "a b&ä"),
    ("/update?token={token}&v4=", 200, "", "/get?token={token}&v4", ""),
    ("/update?token={token}&v6=13.4&v6=52.5", 200, "", "/get?token={token}&v6", "13.4,52.5"),
    ("/update?token={token}&pin=V6&value=13.4&value=52.5", 200, "", "/get?token={token}&v6", "13.4,52.5"),
    ("/update?token={token}&pin=v1&value=18", 200, "", "/get?token={token}&v1", "18.0"),
    ("/update?token={token}&dataStreamId={stream1}&value=19", 200, "", "/get?token={token}&v1", "19.0"),
    ("/update?token={token}&dataStreamId={stream6}&value=13&value=52", 200, "", "/get?token={token}&v6", "13.0,52.0"),
    ("/update?token={token}&dataStreamId=x&value=19", 400, WRONG_STREAM),
    ("/update?token={token}&dataStreamId={stream1}&value=warm", 400, STREAM_TYPE),
    ("/update?token={token}&dataStreamId={stream1}", 400, STREAM_TYPE),
    ("/update?token={token}&dataStreamId=0&value=1", 400, NOT_OF_PRODUCT),
    ("/update?token={token}&v1=warm", 400, TYPE),
    ("/update?token={token}&v1", 400, TYPE),
    ("/update?token={token}&v1=nan", 400, TYPE),
    ("/update?token={token}&v1=1&v1=2", 400, TYPE),
    ("/update?token={token}&v3=1.5", 400, TYPE),
    ("/update?token={token}&v5=7", 400, TYPE),
    ("/update?token={token}&v6=200&v6=0", 400, TYPE),
    ("/update?token={token}&v4=%00", 400, TYPE),
    ("/update?token={token}&v4={long}", 400, TYPE),
    ("/update?token={token}&v200=1", 400, NO_STREAM),
    ("/update?token={token}&a0=1", 400, NO_STREAM),
    ("/update?token={token}&V1=1", 400, PIN),
    ("/update?token={token}&x1=1", 400, PIN),
    ("/update?token={token}", 400, PIN),
    ("/Update?token={token}&v1=1", 404, NOT_FOUND),
    # Several pins: all or none
    ("/batch/update?token={token}&v1=20&v3=8", 200, "OK", "/get?token={token}&v1&v3", '{"v1":20.0,"v3":8}'),
    ("/batch/update?token={token}&v1=20&v3=x", 400, TYPE, "/getAll?token={token}", ALL),
    ("/batch/update?token={token}&v1=20&w3=8", 400, PIN, "/getAll?token={token}", ALL),
    ("/batch/update?token={token}", 400, PIN),
    # Points with their times
    (
        "/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{now},1],[{old},2]]'",
        *(200, "OK", "/get?token={token}&v3", "1"),
    ),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{old},99]]'", 200, "OK", "/get?token={token}&v3", "7"),
    ("/batch/update?token={token}&pin=v6 " + JSON + " -d '[[{now},[13.4,52.5]]]'", 200, "OK"),
    ("/batch/update?token={token}&pin=v0 " + JSON + " -d '[[{now},false]]'", 200, "OK", "/get?token={token}&v0", "0"),
    ("/batch/update?token={token}&pin=v4 " + JSON + " -d '[[{now},\"x\"]]'", 200, "OK"),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[]'", 200, "OK"),
    ("/batch/update?token={token}&pin=v3 -H 'Content-Type: application/json; charset=utf-8' -d '[]'", 200, "OK"),
    ("/batch/update?token={token}&pin=v3 -H 'Content-Type: text/plain' -d '[]'", 400, CONTENT),
    ("/batch/update?token={token}&pin=v3 -d '[]'", 400, CONTENT),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{now},\"x\"]]'", 400, TYPE),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{now},true]]'", 400, TYPE),
    (
        "/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{now},1],[{now},\"x\"]]'",
        400,
        TYPE,
        "/getAll?token={token}",
        ALL,
    ),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{ancient},1]]'", 400, TIME),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{future},1]]'", 400, TIME),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[\"now\",1]]'", 400, PARAMETERS),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '[[{now}]]'", 400, PARAMETERS),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d '{{\"a\":1}}'", 400, PARAMETERS),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d 'no json'", 400, PARAMETERS),
    ("/batch/update?token={token}&pin=v3 " + JSON + " -d @{many}", 400, BATCH),
    ("/batch/update?token={token}&pin=x3 " + JSON + " -d '[]'", 400, PIN),
    ("/batch/update?token={token} " + JSON + " -d '[]'", 400, PIN),
    ("/batch/update?token=nobody&pin=v3 " + JSON + " -d '[]'", 400, INVALID),
    # Looks of a widget
    ("/update/property?token={token}&pin=v1&label=Warmth&color=%23ff0000", 200, ""),
    ("/update/property?token={token}&pin=v1", 400, PROPERTY),
    ("/update/property?token={token}&pin=v1&secret=1", 400, PROPERTY),
    ("/update/property?token={token}&pin=1&label=x", 400, PIN),
    ("/update/property?token={token}&pin=v200&label=x", 400, NO_STREAM),
    # Events
    ("/logEvent?token={token}&code=leak", 200, ""),
    ("/logevent?token={token}&code=leak&description=under+the+sink", 200, ""),
    ("/logEvent?token={token}", 400, NO_CODE),
    ("/logEvent?token={token}&code=leak&description=%00", 400, DESCRIPTION),
    ("/logEvent?token={token}&code=leak&description={long}", 400, DESCRIPTION),
    ("/logEvent?token={token}&code=fire", 400, CODE),
    # Metadata
    ("/device/meta?token={token}&metaFieldId=0", 400, NO_FIELD),
    ("/device/meta?token={token}&metaFieldId=loc.latlon", 200, '{"type":"Coordinates","value":""}'),
    ("/device/meta?token={token}", 400, FIELD),
    ("/device/meta?token={token}&metaFieldId={room}", 200, '{"type":"Text","value":"Cellar"}'),
    ("/device/meta?token={token}&metaFieldId=Room", 200, '{"type":"Text","value":"Cellar"}'),
    (
        "/device/meta/update?token={token}&metaFieldId={room}&value=Attic",
        *(200, "OK", "/device/meta?token={token}&metaFieldName=Room", '{"type":"Text","value":"Attic"}'),
    ),
    ("/device/meta/update?token={token}&metaFieldName=Power&value=7.5", 200, "OK"),
    ("/device/meta/update?token={token}&metaFieldName=Power&value=much", 400, '{"error":{"message":"Wrong value"}}'),
    ("/device/meta/update?token={token}&metaFieldName=Power", 400, '{"error":{"message":"Wrong value"}}'),
    (
        "/device/meta/update?token={token}&metaFieldId=0&value=1",
        400,
        '{"error":{"message":"MetaField doesn\'t exist"}}',
    ),
    ("/device/meta/update?token={token}&value=1", 400, '{"error":{"message":"Wrong metaField format"}}'),
    ("/device/meta/update?token=nobody&metaFieldId=1&value=1", 400, INVALID),
    # Setting up
    ("/provision?token={token}&templateId={template}&ver=1.0.1", 200, "OK"),
    ("/provision?token={token}&templateId=TMPLnobody", 400, TEMPLATE),
    ("/provision?token={token}", 400, TEMPLATE),
    ("/provision?token=nobody&templateId={template}", 400, INVALID),
    # Data as a file
    ("/data/get", 400, NO_TOKEN),
    ("/data/get?token=nobody", 400, INVALID),
    ("/data/get?token={token}&period=YEAR", 500, PERIOD),
    ("/data/get?token={token}&granularityType=WEEKLY", 400, PARAMETERS),
    ("/data/get?token={token}&sourceType=MEDIAN", 400, PARAMETERS),
    ("/data/get?token={token}&format=ISO", 400, PARAMETERS),
    ("/data/get?token={token}&tzName=Nowhere", 400, PARAMETERS),
    ("/data/get?token={token}&sendEvents=perhaps", 400, PARAMETERS),
    ("/data/get?token={token}&period=THREE_MONTHS", 400, PARAMETERS),
    ("/data/get?token={token}&pin=1", 400, PIN),
    ("/data/get?token={token}&pin=v200", 400, NO_STREAM),
    ("/data/get?token={token}&pin=v2", 500, NO_DATA),
    ("/data/file/device_data_1_nothing.zip", 404, NOT_FOUND),
    # Pictures
    ("/upload?token={token} -F upfile=@{text}", 400, FILE),
    ("/upload?token={token} -d nothing", 400, PARAMETERS),
    ("/upload?token=nobody -F upfile=@{picture}", 400, INVALID),
    # What is not there
    ("/nothing?token={token}", 404, NOT_FOUND),
    ("/get?token={token}&v1 -X POST", 405, METHOD),
    ("/upload?token={token}", 405, METHOD),
    ("/get?token={token}&v1 -X DELETE", 405, METHOD),
]
