// SPDX-License-Identifier: Apache-2.0
package dev.phone.api;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** A request for a page: the maximum number of items, and the item after which it starts. */
public final class PageRequest {
    private final Cursors cursors;
    private final String[] list;
    private final int limit;
    private final String last;

    /**
     * @param list what identifies the list, see {@link Cursors}
     * @param limit the maximum number of items
     * @param cursor null or {@link Rules#PAGES_FIRST} for the first page
     * @throws ApiError a 422 if it is not a cursor of this list
     */
    public PageRequest(Cursors cursors, String[] list, int limit, String cursor) {
        this.cursors = cursors;
        this.list = list;
        this.limit = limit;
        boolean first = cursor == null || cursor.equals(Rules.PAGES_FIRST);
        this.last = first ? null : cursors.read(list, cursor);
        if (!first && last == null) {
            throw ApiError.foreignCursor();
        }
    }

    /**
     * For generated routes: reads the parameters {@code limit} and {@code cursor}.
     *
     * @param parameters all other parameters, as passed to the implementation
     * @throws ApiError a 422 if it is not a cursor of this list
     */
    public static PageRequest read(Cursors cursors, Input input, Operation operation, Caller caller, Object... parameters) {
        String[] list = Stream.concat(Stream.of(operation.id(), caller.id()), Arrays.stream(parameters).map(value -> Objects.toString(value, null)))
                .toArray(String[]::new);
        return new PageRequest(cursors, list, input.integer("limit"), input.text("cursor"));
    }

    /** The number of items to fetch: one more than the page has, to detect whether there is a next page. */
    public int fetchLimit() {
        return limit + 1;
    }

    /** The ID of the last item of the previous page; null for the first page. */
    public String last() {
        return last;
    }

    /**
     * @param found up to {@link #fetchLimit} items that follow {@link #last}, in the order of the list
     * @param id the key by which the list is sorted
     */
    public <T> Page<T> of(List<T> found, Function<? super T, String> id) {
        if (found.size() <= limit) {
            return new Page<>(found, null);
        }
        List<T> items = found.subList(0, limit);
        return new Page<>(items, cursors.write(list, id.apply(items.getLast())));
    }
}
