// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.regex.Pattern;

/**
 * Whether an answer is the documented one: to the letter, but for instants, for IDs and secrets that are new each time, and for where the
 * server is.
 */
final class Likeness {
    private static final Pattern ID = Pattern.compile("([a-z]{3})_[0-9a-hjkmnp-tv-z]{26}");
    private static final Pattern SECRET = Pattern.compile("((?:ph_(?:test|live)_[a-z]+|whsec)_)[0-9a-f]{48}");
    private static final Pattern PREVIEW = Pattern.compile("((?:ph_(?:test|live)_[a-z]+|whsec)_)[0-9a-f]{4}…[0-9a-f]{4}");
    private static final Pattern INSTANT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z");

    private final PhoneMock mock;

    Likeness(PhoneMock mock) {
        this.mock = mock;
    }

    /** What differs first, with its pointer; null when nothing does. */
    String difference(JsonValue expected, JsonValue actual, String at) {
        if (actual == null || expected.getValueType() != actual.getValueType()) {
            return at + ": expected " + expected + " but was " + actual;
        }
        switch (expected) {
            case JsonObject object -> {
                if (!object.keySet().equals(actual.asJsonObject().keySet())) {
                    return at + ": expected the members " + object.keySet() + " but they were " + actual.asJsonObject().keySet();
                }
                for (String name : object.keySet()) {
                    String difference = difference(object.get(name), actual.asJsonObject().get(name), at + "/" + name);
                    if (difference != null) {
                        return difference;
                    }
                }
                return null;
            }
            case JsonArray array -> {
                if (array.size() != actual.asJsonArray().size()) {
                    return at + ": expected " + array.size() + " items but there were " + actual;
                }
                for (int i = 0; i < array.size(); i++) {
                    String difference = difference(array.get(i), actual.asJsonArray().get(i), at + "/" + i);
                    if (difference != null) {
                        return difference;
                    }
                }
                return null;
            }
            case JsonString text -> {
                return isLike(text.getString(), ((JsonString) actual).getString()) ? null
                        : at + ": expected " + text + " but was " + actual;
            }
            default -> {
                return expected.equals(actual) ? null : at + ": expected " + expected + " but was " + actual;
            }
        }
    }

    private boolean isLike(String expected, String actual) {
        String here = expected.replace("http://localhost:8080/", mock.url() + "/");
        if (here.equals(actual)) {
            return true;
        }
        if (INSTANT.matcher(expected).matches()) {
            return INSTANT.matcher(actual).matches();
        }
        if (here.startsWith(mock.url())) {
            int id = here.lastIndexOf('/') + 1;
            return actual.startsWith(here.substring(0, id)) && isLike(here.substring(id), actual.substring(id));
        }
        if (mock.engine().seed().knows(expected)) {
            return false;
        }
        for (Pattern pattern : new Pattern[] {ID, SECRET, PREVIEW}) {
            var e = pattern.matcher(expected);
            var a = pattern.matcher(actual);
            if (e.matches()) {
                return a.matches() && e.group(1).equals(a.group(1));
            }
        }
        return false;
    }
}
