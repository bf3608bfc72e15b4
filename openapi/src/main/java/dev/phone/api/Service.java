// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.ArrayList;
import java.util.List;

/** What implements the operations of a tag. The generated {@code Routes} finds which. */
public interface Service {

    /** For generated code: what implements which tag. */
    final class Choice {
        private final List<Service> left;

        /** @param implementations of one tag each */
        public Choice(Service... implementations) {
            left = new ArrayList<>(List.of(implementations));
        }

        /** The one that implements a tag; {@code fallback} when there is none. */
        public <T extends Service> T of(Class<T> tag, T fallback) {
            T found = left.stream().filter(tag::isInstance).map(tag::cast).findFirst().orElse(fallback);
            left.remove(found);
            return found;
        }

        /** @throws IllegalArgumentException if anything is left that was not chosen: it implements no tag, or one that another does already */
        public void end() {
            if (!left.isEmpty()) {
                throw new IllegalArgumentException(left.getFirst().getClass().getName() + " implements no tag, or one that another implements");
            }
        }
    }
}
