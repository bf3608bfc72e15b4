// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.model;

import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A kind of thing that the mock keeps: what lists hold, and what is read by its ID. It has the name of its schema. */
public final class ResourceType {
    private final String name;
    private final ObjectSchema schema;
    private final String key;
    private ResourceType parent;
    private String parentProperty;
    private final List<ResourceType> children = new ArrayList<>();

    ResourceType(String name, ObjectSchema schema, String key) {
        this.name = name;
        this.schema = schema;
        this.key = key;
    }

    void belongsTo(ResourceType owner, String property) {
        if (parent == null && owner != this) {
            parent = owner;
            parentProperty = schema.has(property) ? property : null;
            owner.children.add(this);
        }
    }

    public String name() {
        return name;
    }

    public ObjectSchema schema() {
        return schema;
    }

    /** The property that tells one from another. */
    public String key() {
        return key;
    }

    public String keyOf(JsonObject value) {
        return value.getString(key);
    }

    /** What one of these is part of; null when it is a user's own, or everyone's. */
    public ResourceType parent() {
        return parent;
    }

    /** The property that holds the key of the parent; null when there is none. */
    public String parentProperty() {
        return parentProperty;
    }

    public List<ResourceType> children() {
        return children;
    }

    /** Whether one of these is gone when its time is over. One that has a status stays, and its status tells. */
    public boolean isGoneWhenExpired() {
        return schema.has("expiresAt") && !schema.has("status");
    }
}
