"""Addresses of what refines and changes a task: 完成标准, 区县分解, 单项调整, 分项类型."""

from django.urls import path

from duban.web.views import refinement, sub_items

urlpatterns = [
    path("l/<slug:list_key>/contracts/", refinement.contracts, name="contracts"),
    path("l/<slug:list_key>/contracts/decide/", refinement.decide, name="contracts-decide"),
    path("l/<slug:list_key>/t/<slug:task_key>/shares/", refinement.shares, name="shares"),
    path("l/<slug:list_key>/t/<slug:task_key>/adjust/", refinement.adjusting, name="adjust"),
    path("l/<slug:list_key>/t/<slug:task_key>/adjust/ask/", refinement.asking, name="adjust-ask"),
    path("l/<slug:list_key>/t/<slug:task_key>/sub-items/", sub_items.sub_items, name="sub-items"),
    path("l/<slug:list_key>/changes/", refinement.changes, name="changes"),
    path("l/<slug:list_key>/changes/<int:number>/refuse/", refinement.refuse, name="change-refuse"),
]
