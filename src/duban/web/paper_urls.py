"""Addresses of what comes out of the year: 文书, 督办台账, 问题台账, 请示报告批示 and their items."""

from django.urls import path

from duban.web.views import letter_items, orders, papers, problems

urlpatterns = [
    path("l/<slug:list_key>/p/<slug:period_key>/papers/", papers.papers, name="papers"),
    path("l/<slug:list_key>/p/<slug:period_key>/papers/freeze/", papers.freeze_now, name="papers-freeze"),
    path("l/<slug:list_key>/p/<slug:period_key>/papers/all/", papers.everything, name="papers-all"),
    path("l/<slug:list_key>/p/<slug:period_key>/papers/verify/", papers.verification, name="papers-verify"),
    path("l/<slug:list_key>/p/<slug:period_key>/papers/<slug:sheet>/<slug:kind>/", papers.paper, name="papers-file"),
    path("l/<slug:list_key>/orders/", orders.orders, name="orders"),
    path("l/<slug:list_key>/orders/new/", orders.new, name="orders-new"),
    path("l/<slug:list_key>/orders/<int:order_id>/", orders.order, name="orders-one"),
    path("l/<slug:list_key>/orders/<int:order_id>/move/", orders.move, name="orders-move"),
    path("l/<slug:list_key>/orders/<int:order_id>/revise/", orders.revise, name="orders-revise"),
    path("l/<slug:list_key>/orders/<int:order_id>/paper/", orders.paper, name="orders-paper"),
    path("l/<slug:list_key>/problems/", problems.problems, name="problems"),
    path("l/<slug:list_key>/problems/take/", problems.take, name="problems-take"),
    path("l/<slug:list_key>/problems/<int:problem_id>/", problems.settle, name="problems-settle"),
    path("l/<slug:list_key>/letters/", problems.letters, name="letters"),
    path("l/<slug:list_key>/letters/<int:paper_id>/", problems.letter, name="letters-one"),
    path("l/<slug:list_key>/letters/<int:paper_id>/items/", letter_items.divide, name="letters-divide"),
    path("l/<slug:list_key>/letters/items/<int:item_id>/", letter_items.step, name="letters-item"),
]  # fmt: skip
