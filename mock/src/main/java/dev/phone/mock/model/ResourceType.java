// SPDX-License-Identifier: Apache-2.0
package dev.phone.mock.model;

import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A type of resources, which are listed or read by their key. It has the name of its schema. */
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

    /** The property that identifies a resource. */
    public String key() {
        return key;
    }

    public String keyOf(JsonObject value) {
        return value.getString(key);
    }

    /** The type of the parent; null if resources belong to a user or to no one. */
    public ResourceType parent() {
        return parent;
    }

    /** The property with the key of the parent; null if there is none. */
    public String parentProperty() {
        return parentProperty;
    }

    public List<ResourceType> children() {
        return children;
    }

    /** Whether a resource disappears when it expires. One with a status stays, and its status changes. */
    public boolean isGoneWhenExpired() {
        return schema.has("expiresAt") && !schema.has("status");
    }
}
