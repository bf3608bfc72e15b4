// SPDX-License-Identifier: Apache-2.0
package dev.phone.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.phone.api.Schema;
import dev.phone.api.Schema.Format;
import dev.phone.api.Schema.Property;
import dev.phone.api.Schema.Regex;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The enforced schema is exactly the contract's, and what cannot be enforced is refused. */
class SchemasTest {
    private static final Schema.Text TEXT = new Schema.Text(false, 0, Integer.MAX_VALUE, null, null, null);
    private static final String NAMED = """
            {'components': {'schemas': {
              'Id': {'type': 'string', 'pattern': '^id_'},
              'Pair': {'type': 'object', 'additionalProperties': false, 'required': ['id'],
                       'properties': {'size': {'type': 'string'}, 'id': {'$ref': '#/components/schemas/Id'}}},
              'Tree': {'type': 'array', 'items': {'$ref': '#/components/schemas/Forest'}},
              'Forest': {'type': 'array', 'items': {'$ref': '#/components/schemas/Tree'}}}}}""";

    @Test
    void anyValue() {
        assertSchema(Schema.Any.VALUE, "{}");
        assertSchema(Schema.Any.VALUE, "{'description': 'anything', 'examples': [1], 'x-note': 1}");
    }

    @Test
    void booleans() {
        assertSchema(new Schema.Bool(false), "{'type': 'boolean', 'default': true, 'deprecated': true}");
        assertSchema(new Schema.Bool(true), "{'type': ['boolean', 'null']}");
    }

    @Test
    void texts() {
        assertSchema(TEXT, "{'type': 'string'}");
        assertSchema(TEXT, "{'type': ['string']}");
        assertSchema(new Schema.Text(true, 1, 80, new Regex("\\S"), "a name", Format.EMAIL),
                "{'type': ['null', 'string'], 'minLength': 1, 'maxLength': 80, 'pattern': '\\\\S', 'x-expects': 'a name', 'format': 'email'}");
        for (Format format : Format.values()) {
            assertSchema(new Schema.Text(false, 0, Integer.MAX_VALUE, null, null, format),
                    "{'type': 'string', 'format': '" + format.name().toLowerCase().replace('_', '-') + "'}");
        }
    }

    @Test
    void enums() {
        assertSchema(new Schema.OneOf(false, List.of("b", "a")), "{'type': 'string', 'enum': ['b', 'a']}");
        assertSchema(new Schema.OneOf(true, List.of("a")), "{'type': ['string', 'null'], 'enum': ['a', null]}");
    }

    @Test
    void numbers() {
        assertSchema(new Schema.Numeric(false, 32, null, null, null, null, null), "{'type': 'integer', 'format': 'int32'}");
        assertSchema(new Schema.Numeric(true, 64, null, null, null, null, null), "{'type': ['integer', 'null'], 'format': 'int64'}");
        assertSchema(new Schema.Numeric(false, 0, null, null, null, null, null), "{'type': 'number'}");
        assertSchema(new Schema.Numeric(false, 0, new BigDecimal("0.5"), BigDecimal.ZERO, BigDecimal.TEN, new BigDecimal("11"),
                new BigDecimal("0.5")), "{'type': 'number', 'format': 'double', 'minimum': 0.5, 'exclusiveMinimum': 0, 'maximum': 10, "
                + "'exclusiveMaximum': 11, 'multipleOf': 0.5}");
    }

    @Test
    void arrays() {
        assertSchema(new Schema.Items(false, TEXT, 0, Integer.MAX_VALUE, false), "{'type': 'array', 'items': {'type': 'string'}}");
        assertSchema(new Schema.Items(true, Schema.Any.VALUE, 1, 3, true),
                "{'type': ['array', 'null'], 'items': {}, 'minItems': 1, 'maxItems': 3, 'uniqueItems': true}");
    }

    @Test
    void maps() {
        assertSchema(new Schema.Entries(false, null, TEXT, 0, Integer.MAX_VALUE), "{'type': 'object', 'additionalProperties': {'type': 'string'}}");
        assertSchema(new Schema.Entries(true, null, Schema.Any.VALUE, 1, 20),
                "{'type': ['object', 'null'], 'additionalProperties': {}, 'minProperties': 1, 'maxProperties': 20}");
        assertSchema(new Schema.Entries(false, new Schema.Text(false, 1, 9, null, null, null), TEXT, 0, Integer.MAX_VALUE),
                "{'type': 'object', 'propertyNames': {'type': 'string', 'minLength': 1, 'maxLength': 9}, 'additionalProperties': {'type': 'string'}}");
    }

    @Test
    void objects() {
        Schema id = new Schema.Text(false, 0, Integer.MAX_VALUE, new Regex("^id_"), null, null);
        Schema pair = new Schema.Properties(false, 0, Integer.MAX_VALUE, new Property("size", false, TEXT), new Property("id", true, id));
        assertSchema(pair, "{'$ref': '#/components/schemas/Pair'}");
        assertEquals(pair, schemas(new ArrayList<>()).named("Pair"));
        assertSchema(new Schema.Properties(false, 0, Integer.MAX_VALUE), "{'type': 'object', 'properties': {}}");
        assertSchema(new Schema.Properties(true, 1, 2), "{'type': ['object', 'null'], 'additionalProperties': false, 'minProperties': 1, "
                + "'maxProperties': 2}");
    }

    @Test
    void aNameThatNothingHas() {
        assertNull(schemas(new ArrayList<>()).named("Nothing"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            true | # a schema must be an object; write {} for any value
            {'title': 'A'} | #/title we do not enforce title on a schema without a type; remove it
            {'oneOf': [{}]} | #/oneOf we do not enforce oneOf on a schema without a type; remove it
            {'type': 'string', 'const': 'a'} | #/const we do not enforce const on a string; remove it
            {'type': 'string', 'minimum': 1} | #/minimum we do not enforce minimum on a string; remove it
            {'type': 'boolean', 'enum': [true]} | #/enum we do not enforce enum on a boolean; remove it
            {'type': 'integer', 'format': 'int32', 'enum': [1]} | #/enum we do not enforce enum on an integer; remove it
            {'type': 'number', 'maxLength': 1} | #/maxLength we do not enforce maxLength on a number; remove it
            {'type': 'array', 'items': {}, 'contains': {}} | #/contains we do not enforce contains on an array; remove it
            {'type': 'object', 'additionalProperties': false, 'patternProperties': {}} | #/patternProperties we do not enforce patternProperties on an object; remove it
            {'type': ['string', 'integer']} | #/type must be one type, or one type and 'null'
            {'type': 'null'} | #/type must be one type, or one type and 'null'
            {'type': 'text'} | #/type JSON has no type text
            {'type': 'string', 'format': 'ipv4'} | #/format we do not enforce the format "ipv4" of a string
            {'type': 'string', 'pattern': '('} | #/pattern is not a regular expression: Unclosed group
            {'type': 'string', 'x-expects': 'a name'} | #/x-expects describes a pattern, but there is none
            {'type': 'string', 'minLength': -1} | #/minLength is a count
            {'type': 'string', 'maxLength': 99999999999} | #/maxLength is a count
            {'type': 'string', 'enum': ['a', 1]} | #/enum must be a list of strings
            {'type': 'string', 'enum': ['a', 'a']} | #/enum must be a list of distinct strings
            {'type': ['string', 'null'], 'enum': ['a']} | #/enum must contain null if and only if the type does
            {'type': 'string', 'enum': ['a'], 'minLength': 1} | #/minLength an enum needs no other keyword; remove minLength
            {'type': 'integer'} | # an integer must have the format int32 or int64
            {'type': 'integer', 'format': 'double'} | #/format we do not enforce the format double of a number
            {'type': 'number', 'multipleOf': 0} | #/multipleOf must be greater than 0
            {'type': 'number', 'exclusiveMinimum': true} | #/exclusiveMinimum is a number
            {'type': 'array'} | # an array must have items; write items: {} for any value
            {'type': 'array', 'items': {'type': 'integer'}} | #/items an integer must have the format int32 or int64
            {'type': 'array', 'items': {}, 'uniqueItems': 1} | #/uniqueItems must be true or false
            {'type': 'object', 'additionalProperties': true} | # additionalProperties must be false or the schema of a map's values; only in responses may it be absent
            {'type': 'object', 'additionalProperties': {}, 'properties': {}} | #/properties an object is either a map or has properties; remove properties or write additionalProperties: false
            {'type': 'object', 'additionalProperties': {}, 'propertyNames': {'type': ['string', 'null']}} | #/propertyNames must be the schema of a string that is no enum
            {'type': 'object', 'additionalProperties': {}, 'propertyNames': {'type': 'string', 'enum': ['a']}} | #/propertyNames must be the schema of a string that is no enum
            {'type': 'object', 'additionalProperties': false, 'propertyNames': {'type': 'string'}} | #/propertyNames only the names of a map can be restricted; remove propertyNames
            {'type': 'object', 'additionalProperties': false, 'required': ['a']} | #/required names a, which is not a property
            {'type': 'object', 'additionalProperties': false, 'properties': {'a/b': {'type': 'integer'}}} | #/properties/a~1b an integer must have the format int32 or int64
            {'$ref': '#/components/schemas/Nothing'} | # there is no schema #/components/schemas/Nothing
            {'$ref': '#/components/schemas/Id', 'description': 'more'} | # a $ref must have no siblings
            {'$ref': '#/components/schemas/Tree'} | #/components/schemas/Forest/items Tree is recursive, which we do not enforce
            """)
    void whatCannotBeEnforcedIsRefused(String schema, String problem) {
        List<String> problems = new ArrayList<>();
        schemas(problems).of(json("{'it': " + schema + "}").get("it"), "");
        assertEquals(List.of(problem), problems);
    }

    private static void assertSchema(Schema expected, String schema) {
        List<String> problems = new ArrayList<>();
        assertEquals(expected, schemas(problems).of(json(schema), ""));
        assertEquals(List.of(), problems);
    }

    private static Schemas schemas(List<String> problems) {
        return new Schemas(json(NAMED), (pointer, message) -> problems.add("#" + pointer + " " + message));
    }

    private static JsonObject json(String text) {
        return Json.createReader(new StringReader(text.replace('\'', '"'))).readObject();
    }
}
